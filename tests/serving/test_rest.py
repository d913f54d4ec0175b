"""The paths and answers of TensorFlow Serving's REST API, without a network."""

import asyncio
import json
import shutil

import pytest

PREDICT = "/v1/models/digits:predict"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, saved):
    def other(module):
        import tensorflow as tf

        @tf.function(input_signature=[tf.TensorSpec((None, 2), tf.float32, name="pixels")])
        def total(pixels):
            return {"total": tf.reduce_sum(pixels, -1), "twice": 2 * pixels}

        module.total = total
        return total

    folder = tmp_path_factory.mktemp("digits")
    shutil.copytree(saved(10, other=other), folder / "7")
    return folder


@pytest.fixture
def digits(app, folder):
    return app(folder)


def test_predict_takes_rows_or_columns(digits):
    assert digits.predict({"instances": [[1, 2], [3, 4]]}) == (
        200,
        {"predictions": [[11, 12], [13, 14]]},
    )
    assert digits.predict({"inputs": [[1, 2]]}) == (200, {"outputs": [[11, 12]]})
    assert digits.predict({"inputs": {"pixels": [[1, 2]]}}) == (200, {"outputs": [[11, 12]]})


def test_a_version_may_be_asked_by_its_number(digits):
    body = {"instances": [[1, 2]]}
    assert digits.predict(body, "/v1/models/digits/versions/7:predict")[0] == 200
    assert digits.predict(body, "/v1/models/digits/versions/8:predict") == (
        404,
        {"error": "Servable not found for request: Specific(digits, 8)"},
    )


def test_another_signature_may_be_asked_by_its_name(digits):
    status, answer = digits.predict({"signature_name": "other", "instances": [[1, 2]]})
    assert (status, answer) == (200, {"predictions": [{"total": 3, "twice": [2, 4]}]})
    assert digits.predict({"signature_name": "none", "instances": [[1, 2]]}) == (
        400,
        {"error": 'Serving signature name: "none" not found in signature def'},
    )


def test_nan_comes_back(digits):
    status, answer = digits.predict(b'{"instances": [[NaN, 1]]}')
    assert status == 200
    assert str(answer["predictions"]) == "[[nan, 11.0]]"


def test_a_body_may_come_in_parts(digits):
    assert digits.ask("POST", PREDICT, b'{"inst', b'ances": [[1', b", 2]]}")[0] == 200


def test_a_body_that_is_too_long_is_refused(digits):
    long = [b'{"instances": [[', b" " * 6_000, b" " * 6_000, b"1, 2]]}"]
    status, answer = digits.ask("POST", PREDICT, *long)
    assert status == 413
    assert "more than 10,000 bytes" in answer["error"]


@pytest.mark.parametrize("parts", [[None], [b'{"instances": ', None]])
def test_a_client_that_falls_silent_is_not_waited_for(digits, parts):
    assert digits.ask("POST", PREDICT, *parts)[0] == 408


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PREDICT),
        ("PUT", PREDICT),
        ("DELETE", "/v1/models/digits"),
        ("POST", "/v1/models/digits"),
        ("POST", "/v1/models/digits:explain"),
        ("POST", "/v1/models/digits:predict/"),
        ("POST", "/v1/models/:predict"),
        ("POST", "/v1/models/digits/versions/x:predict"),
        ("POST", "/v1/models/digits/versions/-1:predict"),
        ("POST", "/v1/models/a/b:predict"),
        ("GET", "/v1/models/digits/versions/x"),
        ("GET", "/v1/models/digits/"),
        ("GET", "/v1/models"),
        ("GET", "/v1/models/digits/other"),
        ("GET", "/"),
        ("GET", "/docs"),
        ("POST", "/predict"),
    ],
)
def test_a_malformed_request_is_400(digits, method, path):
    assert digits.ask(method, path) == (400, {"error": f"Malformed request: {method} {path}"})


def test_an_unknown_model_is_404_but_broken_json_is_400_before(digits):
    other = "/v1/models/letters:predict"
    words = {"error": "Servable not found for request: Latest(letters)"}
    assert digits.predict({"instances": [[1, 2]]}, other) == (404, words)
    assert digits.predict(b"{", other)[0] == 400


def test_status_and_metadata(digits):
    status = {"error_code": "OK", "error_message": ""}
    told = {"model_version_status": [{"version": "7", "state": "AVAILABLE", "status": status}]}
    for path in ("/v1/models/digits", "/v1/models/digits/versions/7"):
        assert digits.ask("GET", path) == (200, told)
        code, about = digits.ask("GET", f"{path}/metadata")
        assert code == 200
        assert about["model_spec"] == {"name": "digits", "signature_name": "", "version": "7"}
        signatures = about["metadata"]["signature_def"]["signature_def"]
        assert set(signatures) == {"serving_default", "other"}
        pixels = signatures["serving_default"]["inputs"]["pixels"]
        assert pixels["dtype"] == "DT_FLOAT"
        assert [axis["size"] for axis in pixels["tensor_shape"]["dim"]] == ["-1", "2"]
    for path in (
        "/v1/models/letters",
        "/v1/models/letters/metadata",
        "/v1/models/digits/versions/8",
    ):
        assert digits.ask("GET", path)[0] == 404


def test_a_query_changes_nothing(digits):
    scope_of = digits.ask("GET", "/v1/models/digits", query=b"number=9")
    assert scope_of == digits.ask("GET", "/v1/models/digits")


def test_an_empty_folder_answers_that_there_is_no_version(app, tmp_path):
    empty = app(tmp_path)
    words = {"error": "Servable not found for request: Latest(digits)"}
    assert empty.predict({"instances": [[1, 2]]}) == (404, words)
    assert empty.ask("GET", "/v1/models/digits")[0] == 404


def test_batched_answers_equal_those_one_by_one(app, folder):
    """Good and wrong requests of several kinds, at once and alone."""
    sent = [{"instances": [[n, 2 * n]] * (1 + n % 3)} for n in range(20)]
    sent += [{"instances": [[1, 2, 3]]}, {"instances": [["1", 2]]}, {"inputs": [[5, 6]]}]
    sent += [{"signature_name": "other", "instances": [[n, 1]]} for n in range(5)]
    sent = [json.dumps(body).encode() for body in sent]

    async def together(one):
        return await asyncio.gather(*(one.answer("POST", PREDICT, body) for body in sent))

    batched = asyncio.run(together(app(folder)))
    single = app(folder, size=1)
    assert batched == [single.predict(body) for body in sent]
    assert {status for status, _ in batched} == {200, 400}
