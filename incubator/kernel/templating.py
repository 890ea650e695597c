"""How templates are run: strict about what is missing, and quick about what a page does hundreds of times. It knows no page."""

from functools import cache
from types import FunctionType, MethodType
from typing import Any

from flask import Flask
from flask_babel import LazyString, gettext
from jinja2 import StrictUndefined
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from jinja2.utils import _PassArg, pass_eval_context
from markupsafe import Markup, escape

from incubator.kernel import i18n

PLAIN = (FunctionType, MethodType)
ELSEWHERE = (_PassArg.context, _PassArg.environment)


class QuickContext(Context):
    """Calls macros and functions without asking each of them three times what it wants to be given, as Jinja does: 450 calls a page."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        kind = type(__obj)
        wants = _PassArg.eval_context if kind is Macro else getattr(__obj, "jinja_pass_arg", None)
        if (kind is not Macro and kind not in PLAIN) or wants in ELSEWHERE:
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return __obj(__self.eval_ctx, *args, **kwargs) if wants else __obj(*args, **kwargs)


@pass_eval_context
def translated(context: EvalContext, message: str, /, **variables: Any) -> str:
    """`_("…")` of a template: what Jinja's own does, but a message without variables is made safe for HTML once per language."""
    if not variables and context.autoescape:
        return _safe(i18n.language(), message)
    text = gettext(message)
    return (Markup(text) if context.autoescape else text) % variables  # noqa: S704 - catalogues are ours; the variables are escaped


@cache
def _safe(language: str, message: str) -> Markup:
    """`language` is the present one; the messages are those of the templates, so the memory is bounded."""
    return Markup(gettext(message)) % {}  # noqa: S704 - catalogues are ours


def _escaped(message: LazyString) -> str:
    return str(escape(str(message)))


def install(app: Flask) -> None:
    """A lazy message may carry what people typed; Flask-Babel's own says that it is safe for HTML as it stands."""
    LazyString.__html__ = _escaped  # type: ignore[method-assign]
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.context_class = QuickContext
    env.globals["_"] = translated
