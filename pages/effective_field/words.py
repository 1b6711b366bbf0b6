"""The sentences and tables of the page on effective fields."""

import numpy as np

from core.figures.erf import peak
from core.formatting import all_digits, format_count
from core.live import ErfSizes, Measurement, Proof, erf_sizes, replknet_area_ratio
from pages.effective_field.request import ErfRequest, ErfView
from pages.parts.words import place


def insight(view: ErfView, result: Measurement) -> str:
    """One sentence on a measured field, with its numbers."""
    sentences = []
    if view.unit is not None and (sizes := _sizes(view)) is not None:
        fields = [field.span(at) for field, at in zip(view.analysis.fields[-1], view.unit, strict=True)]
        field = " × ".join(str(span[1] - span[0] + 1) if span else "0" for span in fields)
        side = sizes.square_95.side
        within = f"{side:g} pixels" if len(fields) == 1 else f"{side:g} × {side:g} pixels"
        if side > min(view.measured.shape):
            within = "no fewer pixels than the whole input"
        sentences.append(
            f"95 % of the unit's gradient comes from **{within}**, its effective receptive field; "
            f"the theoretical one is {field}."
        )
    if view.agreement is not None:
        correlation = view.agreement.correlation
        close = f"correlation {correlation:.3f}, " if correlation is not None else ""
        difference = f"relative error **{100 * view.agreement.relative_error:.2g} %**"
        sentences.append(f"Measured against predicted: {close}{difference}.")
    return " ".join(sentences) or f"The mean over {result.samples} samples: its sign differs from pixel to pixel."


def recipe_caption(of: ErfRequest, result: Measurement, view: ErfView) -> str:
    """The recipe beside the numbers: how the map came about."""
    rejected = f", {result.rejected} rejected as not finite" if result.rejected else ""
    early = ", stopped at the tolerance" if result.stopped_early else ""
    error = f"; relative standard error {100 * result.relative_error:.2g} %" if result.samples > 1 else ""
    if view.prediction.share is not None:
        apart = np.abs(view.measured - view.prediction.share).max() / peak(view.measured, view.prediction.share)
        error += f"; the difference reaches {100 * apart:.2g} % of the peak"
    source = "from the path counts alone" if of.predicted == "paths" else "√E[g²] in closed form, with these weights"
    assumed = f" It assumes: {'; '.join(view.assumed)}." if view.assumed else ""
    return (
        f"{result.samples} samples{rejected}{early}{error}. {of.words[0].upper()}{of.words[1:]}. Predicted: {source}."
        f"{assumed} Maps are floats, scaled to sum 1; box: the theoretical field. Measured on {result.device}."
    )


def proof_sentence(proof: Proof) -> str:
    """What the proof says."""
    if proof.equal:
        return (
            f"Proved: with every weight one, PyTorch's gradient equals the exact count at all {proof.pixels:,} pixels, "
            f"to the last digit; the largest is {proof.largest_count:,}."
        )
    return (
        f"{proof.differing} of {proof.pixels} pixels differ, the first at {place(proof.first or ())}: counted "
        f"{proof.counted}, gradient {proof.gradient}."
    )


def size_rows(view: ErfView) -> list[dict[str, str]]:
    """The sizes by named recipe; the RepLKNet ratio as a mode of its own."""
    rows = []
    if (sizes := _sizes(view)) is not None:
        for size in (sizes.square_50, sizes.square_95, sizes.luo, sizes.gaussian):
            ratio = "" if size.ratio is None else f"{size.ratio:.3g}"
            rows.append({"recipe": size.recipe, "pixels": f"{size.side:.4g}", "of the theoretical field": ratio})
    for share, area in replknet_area_ratio(view.measured).items():
        shown = "none" if area is None else f"{100 * area:.3g} % of the area"
        name = f"RepLKNet mode: centred square with {100 * share:g} % of the log10(1 + x) score"
        rows.append({"recipe": name, "pixels": shown, "of the theoretical field": ""})
    return rows


def _sizes(view: ErfView) -> ErfSizes | None:
    """Sizes about the field's centre; None where there is none inside the map, or the map has negative values."""
    if view.unit is None or view.measured.min() < 0 or not view.measured.max():
        return None
    fields = view.analysis.fields[-1]
    centres = [field.centre(at) for field, at in zip(fields, view.unit, strict=True)]
    inside = [c is not None and 0 <= c <= side - 1 for c, side in zip(centres, view.measured.shape, strict=True)]
    if not all(inside):
        return None
    return erf_sizes(view.measured, [float(c or 0) for c in centres], [field.size for field in fields])


def pixel_sentence(view: ErfView, result: Measurement, pixel: tuple[int, ...]) -> str:
    """What the inspector says of one pixel: measured, predicted, counted."""
    share = view.prediction.share
    predicted = "" if share is None else f", predicted {share[pixel]:.4g}"
    error = f" ± {view.errors[pixel]:.2g}" if result.samples > 1 else ""
    paths = view.analysis.path_counts(view.unit).at(pixel)
    return (
        f"Pixel {place(pixel)}: share of the gradient **{view.measured[pixel]:.4g}**{error}{predicted}; "
        f"**{format_count(paths)}** paths."
    )


def value_rows(view: ErfView) -> list[dict[str, str]]:
    """The row through the middle as a table: measured, its error, predicted, counted."""
    row, share = view.middle[:-1], view.prediction.share
    counts = view.analysis.path_counts(view.unit)
    return [
        {
            "pixel": place((*row, column)),
            "measured share": f"{view.measured[(*row, column)]:.6g}",
            "standard error": f"{view.errors[(*row, column)]:.2g}",
            "predicted share": "" if share is None else f"{share[(*row, column)]:.6g}",
            "paths": all_digits(counts.at((*row, column))),
        }
        for column in range(view.measured.shape[-1])
    ]
