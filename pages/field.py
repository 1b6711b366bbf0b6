"""How far does a unit see?"""

import streamlit as st

from core.figures.field import growth, nested
from core.network.pytorch_code import pytorch_code
from pages.shared import compute, controls, picks, share, shell, words

frame = shell.require()
network = frame.network
flat = len(network.size) == 1
with st.container(horizontal=True, vertical_alignment="bottom"):
    counted = controls.depth(network)
    view = controls.choice("drawing", "Show") if not flat else "layers"
    typed = controls.text("unit", "Unit", width=120, help="centre, or an output unit: 3 or 3,3")

net = str(counted)
graph = compute.graph(net)
fields = compute.fields(net)
unit = controls.unit(typed, graph.output.size)
insight = words.field_insight(fields[-1], unit)
frame.headline.subheader(insight, anchor=False)
picture = st.container()
axis = 0 if flat or view == "input" else ("height", "width").index(controls.choice("axis", "Along the"))

names = [words.layer_name(graph, index) for index in range(len(graph.nodes))]
idle = compute.unproductive(net)
if view == "input":
    figure = nested(names, fields, unit)
else:
    figure = growth(names, [along[axis] for along in fields], unit[axis], set(idle))
with picture:
    share.chart(figure, "receptive_field", insight, picks.named("receptive_field", "unit"))
st.caption(words.field_caption(view, bool(idle)))
for finding in words.field_findings(graph, fields, idle):
    st.markdown(finding)

rows = words.field_rows(graph, fields, idle)
controls.folded_table("Every layer", "_layers", lambda: rows)
with frame.corner:
    share.take_away(lambda: pytorch_code(counted), figure, insight, lambda: words.columns(rows), "receptive_fields")
