"""Kubernetes' manifests, held to the last field against the types that PyPI has of them."""

import json

import pytest

# Names are free in these.
FREE = ("labels", "matchLabels", "annotations", "requests", "limits", "data")


def type_named(name):
    models = pytest.importorskip("kubeflow_trainer_api.models", reason="comes with [test]")
    return getattr(models, name)


def kept(kind, content):
    """What a type keeps of a manifest: an unknown field is dropped, a wrong one refused.

    `kind` is the name of a type; or, where there is none, a dict of its fields; or Python's type.
    """
    if isinstance(kind, str):
        return json.loads(type_named(kind).from_dict(content).to_json())
    if isinstance(kind, dict):
        return {key: kept(kind[key], content[key]) for key in kind.keys() & content.keys()}
    if not isinstance(content, kind):
        raise ValueError(f"expected {kind}, got {content!r}")
    return content


def spoilt(content):
    """Give copies of a manifest, in each of which one key is misspelt."""
    if isinstance(content, list):
        for place, value in enumerate(content):
            for broken in spoilt(value):
                yield [*content[:place], broken, *content[place + 1 :]]
    elif isinstance(content, dict):
        for key, value in content.items():
            rest = {other: content[other] for other in content if other != key}
            yield rest | {f"{key}X": value}
            if not _is_free(key, value):
                yield from (rest | {key: broken} for broken in spoilt(value))


def _is_free(key, value):
    return key in FREE or (key == "selector" and "matchLabels" not in value)  # a Service's
