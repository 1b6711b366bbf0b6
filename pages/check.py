"""What is wrong with my design?"""

import streamlit as st
from pages.shared import controls, design_words, models, share, shell, words

from core.checks.pictures import picture
from core.figures.field import growth
from core.figures.finding import finding_maps, scale_words
from core.network.pytorch_code import pytorch_code

frame = shell.require()
with st.container(horizontal=True, vertical_alignment="bottom"):
    subject = controls.choice("subject", "Check the")
    smallest = controls.number("object", "Object side", width=150, help="pixels a unit must see whole; 0: not stated")
key = None
if subject == "model":
    model, key = models.chosen(frame.side)
    models.refuse_gaps(model)
asked = (str(frame.network), key, smallest)
analysis, found = models.findings(*asked)
if not found:
    insight = design_words.design_insight(found, None)
    frame.headline.subheader(insight, anchor=False)
    share.chart(models.whole_map(analysis), "clean", insight)
    st.stop()

named = [f"{each.severity}: {design_words.TITLES[each.code]}" for each in found]
code = controls.one_of("finding", "Finding", [each.code for each in found], named)
(finding,) = [each for each in found if each.code == code]
insight = design_words.design_insight(found, finding)
frame.headline.subheader(insight, anchor=False)
fix = models.fix_of(finding)
before = picture(code, analysis)
if before is None:
    names = [words.layer_name(analysis.graph, index) for index in range(len(analysis.graph.nodes))]
    along = [axes[-1] for axes in analysis.fields]
    figure = growth(names, along, analysis.unit[-1], {finding.node} if finding.node else set())
    share.chart(figure, "finding_fields", finding.message)
    st.caption("The field of each layer over the input; blue: the layer that the finding names.")
else:
    after = picture(code, models.fixed(*asked, code, fix.words)) if fix else None
    pictures = [each for each in (before, after) if each]
    figures = finding_maps(pictures)
    figure = figures[0]
    for place, drawn, name in zip(st.columns(len(figures)), figures, ("before", "after"), strict=False):
        with place:
            st.markdown(f"**{name.capitalize()}**" if fix else "")
            share.chart(drawn, f"finding_{name}", f"{finding.message}: {name}")
    st.caption(f"{design_words.sentence(before.shows)} Counts are exact; {scale_words(pictures)} (floats).")
st.caption(f"Why it matters: {design_words.sentence(finding.why)}")
rows = design_words.rows(found)
controls.folded_table("All findings", "_findings", lambda: rows)
code_of = (lambda: models.code(key)) if key else (lambda: pytorch_code(frame.network))
with frame.corner:
    share.take_away(code_of, figure, insight, lambda: words.columns(rows), "findings")
