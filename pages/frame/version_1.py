"""Links made by version 1 (``v=1``) open what they opened then: their parameters in the words of today.

Version 1 had a page for typed networks and another for models, and six settings beside ``net`` that named a model.
"""

from collections.abc import Mapping

Params = dict[str, str]

_PAGES = {"": "paths", "paths": "paths", "field": "field", "erf": "effective", "design": "check", "model": "model",
          "remedies": "remedies", "training": "training"}  # fmt: skip
_VIEW = {
    "paths": "view",
    "field": "drawing",
    "check": "",
    "effective": "",
    "remedies": "compare",
    "training": "outcome",
}
_UNIT = {"paths": "outputs", "field": "unit", "effective": "target"}
_RENAMED = {"helps": "remedies", "a": "first", "b": "second"}
_KEPT = (
    *("cell", "pixel", "axis", "scale", "weights", "activation", "norm", "width", "reduce", "input", "samples", "seed"),
    *("redraw", "tolerance", "finding", "object", "together", "rank", "against", "task", "square", "contrast", "steps"),
    *("seeds", "trained", "picture"),
)
_START = "15x15; conv k3 p1 x4"
_PASTED_INPUT = "3x64x64"


def translated(page: str, params: Mapping[str, str]) -> tuple[str, Params]:
    """The page of today and its parameters, from a page and the parameters of version 1.

    >>> translated("model", {"v": "1", "model": "timm:resnet18", "padded": "True", "aspect": "fields"})
    ('field', {'view': 'layers', 'net': 'timm:resnet18+kernel-padding'})
    """
    today = _PAGES.get(page, page)
    is_model = today == "model" or (today in ("check", "remedies") and params.get("subject") == "model")
    result: Params = {name: params[name] for name in _KEPT if name in params}
    result |= {new: params[old] for old, new in _RENAMED.items() if params.get(old)}
    if today == "model":
        aspect = params.get("aspect", "map")
        today = {"map": "paths", "fields": "field", "effective": "effective"}.get(aspect, "paths")
        result |= {"map": {"view": "map"}, "fields": {"view": "layers"}}.get(aspect, {})
    elif view := params.get(_VIEW.get(today, "")):
        result["view"] = view
    if today == "remedies" and result.get("view") == "pins":
        today = "compare"
        result["view"] = "map"
        own = params.get("net", _START)
        result["net"] = params.get("a") or own
        result.pop("first", None)
    else:
        result.pop("first", None)
        result.pop("second", None)
        result["net"] = _model(params) if is_model else _network(params)
    if unit := params.get(_UNIT.get(today, "")):
        result["unit"] = unit
    return today, {name: text for name, text in result.items() if text != ""}


def _network(params: Mapping[str, str]) -> str:
    net, step = params.get("net", _START), params.get("step", "0")
    return net if step in ("", "0") else f"{net}#{step}"


def _model(params: Mapping[str, str]) -> str:
    pasted = params.get("source", "zoo") == "paste"
    base = params.get("pasted", "") if pasted else params.get("model", "timm:resnet18")
    made = params.get("made") or (_PASTED_INPUT if pasted else "")
    stage = params.get("stage", "")
    padded = params.get("padded", "").lower() == "true"
    return base + (f"@{made}" if made else "") + (f"#{stage}" if stage else "") + ("+kernel-padding" if padded else "")
