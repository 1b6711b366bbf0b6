"""The sentences that the page of the live model says about numbers."""

import numpy as np
from pages.shared.live import View, middle
from pages.shared.words import place

from core.figures.erf import peak
from core.formatting import all_digits, format_count, grouped_digits
from core.live import ErfSizes, Measurement, Proof, erf_sizes, replknet_area_ratio


def erf_insight(view: View, result: Measurement) -> str:
    """One sentence on a measured field, with its numbers."""
    parts = []
    if view.unit is not None and (sizes := _sizes(view)) is not None:
        field = " x ".join(str(along.size) for along in view.fields)
        side = sizes.square_95.side
        within = f"{side:g} pixels" if len(view.fields) == 1 else f"{side:g} x {side:g} pixels"
        if side > min(view.measured.shape):
            within = "no less than the whole input"
        parts.append(f"95 % of its gradient lies within **{within}**, of a field of {field}")
    if view.agreement is not None:
        correlation = view.agreement.correlation
        close = f"correlation {correlation:.3f}, " if correlation is not None else ""
        parts.append(
            f"measured against predicted: {close}relative error **{100 * view.agreement.relative_error:.2g} %**"
        )
    if not parts:
        return f"The mean over {result.samples} samples: its sign differs from pixel to pixel."
    sentence = "; ".join(parts)
    return sentence[0].upper() + sentence[1:] + "."


def recipe_caption(recipe: str, result: Measurement, view: View) -> str:
    """The recipe beside the numbers: how the map came about."""
    rejected = f", {result.rejected} rejected as not finite" if result.rejected else ""
    early = ", stopped at the tolerance" if result.stopped_early else ""
    error = f"; relative standard error {100 * result.relative_error:.2g} %" if result.samples > 1 else ""
    if view.prediction.share is not None:
        apart = np.abs(view.measured - view.prediction.share).max() / peak(view.measured, view.prediction.share)
        error += f"; the difference reaches {100 * apart:.2g} % of the peak"
    return (
        f"{result.samples} samples{rejected}{early}{error}. {recipe}. Maps are floats, scaled to sum 1; box: the "
        f"theoretical field. Measured on {result.device}."
    )


def proof_sentence(proof: Proof) -> str:
    """What the proof found."""
    if proof.equal:
        return (
            f"Proved: with every weight one, PyTorch's gradient equals the exact count at all {proof.pixels:,} pixels, "
            f"to the last digit; the largest is {grouped_digits(proof.largest_count)}."
        )
    return (
        f"{proof.differing} of {proof.pixels} pixels differ, the first at {place(proof.first or ())}: counted "
        f"{proof.counted}, gradient {proof.gradient}."
    )


def size_rows(view: View) -> list[dict[str, str]]:
    """The sizes by named recipe; the RepLKNet ratio as a mode of its own."""
    rows = []
    if (sizes := _sizes(view)) is not None:
        for size in (sizes.square_50, sizes.square_95, sizes.luo, sizes.gaussian):
            ratio = "" if size.ratio is None else f"{size.ratio:.3g}"
            rows.append({"recipe": size.recipe, "pixels": f"{size.side:.4g}", "of the theoretical field": ratio})
    for share, ratio in replknet_area_ratio(view.measured).items():
        shown = "none" if ratio is None else f"{100 * ratio:.3g} % of the area"
        name = f"RepLKNet mode: centred square with {100 * share:g} % of the log10(1 + x) score"
        rows.append({"recipe": name, "pixels": shown, "of the theoretical field": ""})
    return rows


def _sizes(view: View) -> ErfSizes | None:
    """Sizes about the field's centre; None where there is none inside the map, or the map has negative values."""
    if view.unit is None or view.measured.min() < 0:
        return None
    centres = [field.centre(at) for field, at in zip(view.fields, view.unit, strict=True)]
    inside = [c is not None and 0 <= c <= side - 1 for c, side in zip(centres, view.measured.shape, strict=True)]
    if not all(inside):
        return None
    return erf_sizes(view.measured, [float(c or 0) for c in centres], [field.size for field in view.fields])


def pixel_sentence(view: View, result: Measurement, pixel: tuple[int, ...]) -> str:
    """What the inspector says of one pixel: measured, predicted, counted."""
    share = view.prediction.share
    predicted = "" if share is None else f", predicted {share[pixel]:.4g}"
    error = f" ± {view.errors[pixel]:.2g}" if result.samples > 1 else ""
    return (
        f"Pixel {place(pixel)}: share of the gradient **{view.measured[pixel]:.4g}**{error}{predicted}; "
        f"**{format_count(view.counts.at(pixel))}** paths."
    )


def value_rows(view: View) -> list[dict[str, str]]:
    """The row through the middle as a table: measured, its error, predicted, counted."""
    row = middle(view)[:-1]
    share = view.prediction.share
    return [
        {
            "pixel": place((*row, at)),
            "measured share": f"{view.measured[(*row, at)]:.6g}",
            "standard error": f"{view.errors[(*row, at)]:.2g}",
            "predicted share": "" if share is None else f"{share[(*row, at)]:.6g}",
            "paths": all_digits(view.counts.at((*row, at))),
        }
        for at in range(view.measured.shape[-1])
    ]
