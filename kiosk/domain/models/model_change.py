"""Which model a class is recognised with while another one is still being prepared. Pure rule."""

from collections.abc import Mapping


def model_for(chosen: str, missing: Mapping[str, int]) -> str:
    """The model for a roster.

    The chosen one as soon as it knows every picture of the roster that it may; until then the model that knows most of
    them, because a half-known roster would turn students away whom the old model knows. Where none knows more, the chosen
    one.

    Args:
        chosen: What the settings say.
        missing: How many of the roster's stored pictures lack a template, by usable model, the chosen one among them.
    """
    return min(missing, key=lambda model: (missing[model], model != chosen, model), default=chosen)
