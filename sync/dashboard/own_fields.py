"""The fields of one's own page as a browser sends them."""

from starlette.datastructures import FormData

from sync.dashboard import own_form
from sync.dashboard.forms import text_of
from sync.dashboard.own_form import Typed


def typed_in(form: FormData) -> Typed:
    """Return what stands in a form."""
    texts = {name: text_of(form, name) for name in (*own_form.LINES, *own_form.LISTS, "languages", "stays_s")}
    ticked = frozenset(name for name in form if text_of(form, name) == "yes")
    needs = [str(each) for each in form.getlist("need")]
    untils = [str(each) for each in form.getlist("until")]
    untils += [""] * (len(needs) - len(untils))
    rows = tuple((need, until) for need, until in zip(needs, untils, strict=False) if need.strip())
    return Typed(texts, ticked, rows)
