"""One model in the atlas: what is exact of it at its own size, or what stands in the way."""

from collections.abc import Iterator
from time import process_time
from typing import Any

from ..checks import findings_of
from ..design.analysis import DesignAnalysis
from ..design.traced import TracedDesign
from ..errors import UserError
from ..live.sources.zoo import family, zoo_model
from ..live.trace import Gap
from ..network.graph import size_text
from ..search.members import nearest_float
from ..search.quantities import QUANTITIES, row_of
from .as_it_is import AsItIs

Row = dict[str, Any]


def model_row(name: str) -> Row:
    """The row of a full name, ``timm:resnet50``; ``seconds`` are those of the processor that it took.

    Where nothing exact can be said of a model ``reason`` says why, and every number that depends on it is None.
    """
    begun = process_time()
    row: Row = {"model": name, "library": name.partition(":")[0]}
    try:
        design = TracedDesign(zoo_model(name))
        row |= {"family": family(name), "input": size_text(design.model.size)}
        end = design.traced.stages[design.stage]
        if isinstance(end, Gap):
            row["reason"] = f"depends on {end}"
        else:
            row |= _numbers(design)
    except UserError as error:
        row["reason"] = str(error)
    return {**row, "seconds": round(process_time() - begun, 3)}


def _numbers(design: TracedDesign) -> Row:
    analysis = DesignAnalysis(AsItIs(design))
    counted = row_of(analysis)
    halo = analysis.halo
    return {
        **{name: nearest_float(value) if QUANTITIES[name].fraction else value for name, value in counted.items()},
        "stage": design.stage,
        "gates": len(analysis.gate_names),
        "statistics": len(analysis.statistics_names),
        "field_sides": list(analysis.unit_field),
        "grid": list(analysis.period),
        "halo_before": [axis.before for axis in halo.axes] if halo.axes else None,
        "halo_after": [axis.after for axis in halo.axes] if halo.axes else None,
        "tiles_exact": halo.exact,
        "findings": [f"{found.severity} {found.code}" for found in findings_of(analysis)],
        "stages": list(_stages(design, analysis)),
    }


def _stages(design: TracedDesign, analysis: DesignAnalysis) -> Iterator[Row]:
    """The outermost parts that end in a map: the largest field of a unit, and how far their fields lie apart."""
    for name, node in design.places().items():
        if "." in name or node >= len(analysis.graph.nodes):
            continue
        axes = analysis.fields[node]
        strides = [axis.stride for axis in axes]
        yield {
            "stage": name,
            "output": list(analysis.graph.nodes[node].size),
            "field": [axis.sizes[1] for axis in axes],
            "stride": None if any(stride is None for stride in strides) else [float(stride) for stride in strides],
        }
