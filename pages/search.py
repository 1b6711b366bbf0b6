"""Which design?"""

from functools import partial

import streamlit as st

from core.design.code import design_code
from core.design.opening import design_of
from core.search.questions import question_of
from core.search.space import space_of
from pages.design_search import request, views, words
from pages.frame import settings, shell
from pages.parts import controls, share
from pages.parts.tables import arrow_table
from pages.parts.words import columns
from pages.work import jobs

frame = shell.frame()
choices = st.container(horizontal=True, vertical_alignment="bottom")
picture, beside = st.columns([7, 4], gap="medium")
place, working = picture.empty(), picture.container()
table, folded = st.container(), st.container()
with folded:
    opened = views.uploaded()
with frame.controls:
    space = controls.text("space", "Space", help=words.SPACE_HELP) if opened is None else opened.space
with choices:
    where = controls.text("where", "Condition", placeholder="none", help=words.WHERE_HELP)
    x = controls.choose("x", "Across", width=190)
    y = controls.choose("y", "Up", width=190)
names = tuple(dict.fromkeys((y, x)))
question = question_of(where, ",".join(names))

if opened is None:
    wanted = request.request_of(space_of(space), int(settings.value("seed")))
    with working:
        searched = views.searched(wanted, question, place)
else:
    searched = opened
key = f"answer|{searched.source}|{searched.done}|{where}|{names}"
found = jobs.run_once(key, partial(request.asked, searched, question), "Asking all designs")
insight = words.insight(searched, found, question.objectives, where)
frame.headline.header(insight, anchor=False)
figure = views.draw(searched, found, question, place)
front = [best.design for best in found.answer.front]
with beside:
    st.markdown(words.size_told(searched) + ".")
    views.ways(found, question)
    if searched.total < searched.size or searched.done < searched.total:
        st.caption("All of it, on your own machine:")
        st.code(words.command(searched.space, where, names), language=None, wrap_lines=True)
rows = words.design_rows(request.rows_of(searched, front), names)
if rows:
    with table:
        st.dataframe(arrow_table(rows), hide_index=True, alt="The front, one design in each row")
if searched.impossible:
    with folded:
        controls.folded_table("What is impossible, and why", "_reasons", partial(words.reason_rows, searched))
if rows:
    with frame.corner:
        code = partial(lambda text: design_code(design_of(text)), front[0])
        share.take_away(code, partial(share.to_html, figure, insight), partial(columns, rows), "front")
