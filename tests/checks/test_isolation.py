"""What a check and an answer change in place, neither sees of the other."""

import functools
import inspect
import os
import sys
from collections import OrderedDict, defaultdict, deque, namedtuple
from pathlib import Path

import numpy as np
import pytest

from workshop.checks import convolution, graphs, recurrent, training
from workshop.checks.engine import compare, exercise, scores_of
from workshop.checks.isolation import copied, isolated, usual_settings

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

pytestmark = pytest.mark.usefixtures("record_file")
Pair = namedtuple("Pair", ["first", "second"])


def ones():
    return np.ones((2, 3))


NESTED = [
    ones(),
    [ones()],
    (ones(),),
    {"a": [(ones(),)]},
    Pair(ones(), [ones()]),
    deque([ones()]),
    OrderedDict(a=ones()),
    defaultdict(list, a=[ones()]),
    np.array([ones(), None, [ones()]], dtype=object),
    np.ma.masked_array(ones()),
    ones()[:, ::2],
    np.broadcast_to(ones(), (4, 2, 3)),
]


def arrays(value):
    """All the arrays of numbers in a value."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from arrays(part)
    elif isinstance(value, list | tuple | deque | np.ndarray):
        for part in value:
            yield from arrays(part)


@pytest.mark.parametrize("value", NESTED, ids=lambda value: type(value).__name__)
def test_arrays_are_copied_wherever_they_are(value):
    new = copied(value)
    assert type(new) is type(value)
    assert list(arrays(new))
    for one, other in zip(arrays(new), arrays(value), strict=True):
        assert type(one) is type(other)
        one[...] = 7
        assert (other == 1).all()


def test_what_was_read_only_can_be_worked_on():
    given = np.frombuffer(b"\1\2\3", np.uint8)
    new = copied(given)
    new += 1
    assert (new == [2, 3, 4]).all()


def test_two_names_of_one_array_get_an_array_each():
    array = ones()
    one, other = copied([array, array])
    one[...] = 7
    assert (other == 1).all()


def test_what_holds_itself_is_copied():
    given = [1]
    given.append((given,))
    new = copied(given)
    assert new is not given
    assert new[1][0] is new


@pytest.mark.parametrize(
    "value",
    [
        None,
        ...,
        "text",
        2,
        np.float32(2),
        tf.constant([1.0]),
        tf.Variable([1.0]),
        keras.Input((2,)),
        keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]),
        tf.data.Dataset.range(3),
        np.random.default_rng(1),
        iter([1]),
        (number for number in range(3)),
        np.array,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_change_or_is_to_change_stays_the_same_object(value):
    assert copied(value) is value
    assert copied((value,))[0] is value


def double(x: np.ndarray, *, twice: bool = False) -> np.ndarray:
    """Double in place."""
    x *= 4 if twice else 2
    return x


class Doubles:
    def __call__(self, x, **named):
        return double(x, **named)

    def method(self, x, **named):
        return double(x, **named)


FUNCTIONS = [
    double,
    functools.partial(double),
    Doubles(),
    Doubles().method,
    functools.partial(Doubles()),
]


@pytest.mark.parametrize("answer", FUNCTIONS, ids=lambda answer: type(answer).__name__)
def test_a_function_may_work_in_place(answer):
    given = np.array([1.0, 2.0])
    assert (isolated(answer)(given) == [2, 4]).all()
    assert (isolated(answer)(x=given, twice=True) == [4, 8]).all()
    assert (given == [1, 2]).all()


def test_a_numpy_function_may_fill_what_it_gets():
    given = np.array([3.0, 1.0])
    isolated(np.add)(given, 1, out=given)
    isolated(np.ndarray.sort)(given)
    assert (given == [3, 1]).all()


def test_a_wrapped_function_looks_as_before():
    wrapped = isolated(double)
    assert wrapped.__name__ == "double"
    assert wrapped.__doc__ == "Double in place."
    assert inspect.signature(wrapped) == inspect.signature(double)
    assert inspect.getsource(wrapped) == inspect.getsource(double)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        ...,
        [double],
        Doubles,
        keras.layers.Layer,
        keras.layers.ReLU(),
        keras.Sequential([keras.layers.Dense(1)]),
        tf.function(double),
        keras.callbacks.Callback(),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_what_is_looked_at_and_not_only_called_stays_itself(answer):
    assert isolated(answer) is answer


def test_what_comes_back_belongs_to_the_check():
    scratch = np.empty(2)

    def fills_one_array(x):
        np.multiply(x, 2, out=scratch)
        return scratch, [scratch]

    wrapped = isolated(fills_one_array)
    first, second = wrapped(np.array([1, 2])), wrapped(np.array([3, 4]))
    assert [*first[0], *first[1][0], *second[0]] == [2, 4, 2, 4, 6, 8]


def test_a_generator_gets_copies_that_stay_as_they_were_at_the_call():
    def halves(x):
        x /= 2
        yield from x

    given = np.array([2.0, 4.0])
    came = isolated(halves)(given)
    given[...] = 0
    assert list(came) == [1, 2]


def test_graphs_are_made_of_what_was_written():
    def by_sign(x):
        if tf.reduce_sum(x) > 0:
            return x + 1
        return x - 1

    traced = tf.function(isolated(by_sign))
    assert [traced(tf.constant(x)).numpy() for x in (2.0, -2.0)] == [3, -3]
    ds = tf.data.Dataset.from_tensor_slices([2.0, -2.0]).map(isolated(by_sign))
    assert list(ds.as_numpy_iterator()) == [3, -3]


@exercise("0-9")
def doubled(answer, given):
    """Check that a function doubles."""
    compare(answer(given), 2 * given, what="double")


def test_a_check_leaves_the_arrays_of_the_learner_alone():
    given = np.array([1.0, 2.0])
    assert doubled(double, given).passed
    assert doubled(double, given).passed
    assert (given == [1, 2]).all()


def test_the_learners_line_is_named_and_not_the_one_that_called_it():
    def divides(x):
        return x / undefined_name  # noqa: F821

    message = doubled(divides, ones()).message
    assert message.endswith("of its cell: return x / undefined_name  # noqa: F821")


def test_a_check_leaves_a_model_as_it_was():
    class Greedy(keras.Sequential):
        def predict(self, x, **options):
            came = super().predict(x, **options)
            x[...] = 0
            return came

    @exercise("0-9")
    def reads(answer, images):
        scores_of(answer, images, classes=2)

    dense = keras.layers.Dense
    model = Greedy([keras.Input((3,)), dense(4), keras.layers.Dropout(0.5), dense(2)])
    model.layers[0].trainable = False
    model.compile("adam", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    optimizer = model.optimizer

    def state():
        values = [v.value.numpy().tolist() for v in (*model.variables, *optimizer.variables)]
        return values, [layer.trainable for layer in model.layers]

    before, images = state(), np.ones((5, 3))
    assert reads(model, images).passed
    assert state() == before
    assert model.optimizer is optimizer
    assert (images == 1).all()


SETTINGS = {
    "half precision": lambda: keras.config.set_floatx("float16"),
    "mixed precision": lambda: keras.config.set_dtype_policy("mixed_bfloat16"),
    "channels first": lambda: keras.config.set_image_data_format("channels_first"),
    "no graphs": lambda: tf.config.run_functions_eagerly(True),
}


def all_settings():
    keras_has = keras.config.floatx(), keras.config.dtype_policy().name
    return *keras_has, keras.config.image_data_format(), tf.config.functions_run_eagerly()


USUAL = ("float32", "float32", "channels_last", False)


@pytest.fixture(params=SETTINGS, ids=lambda name: name.replace(" ", "-"))
def unusual(request):
    with usual_settings():
        SETTINGS[request.param]()
        yield SETTINGS[request.param]
    assert all_settings() == USUAL


@tf.function
def halvings(n):
    count = 0
    while n >= 1:
        n /= 2
        count += 1
    return count


def pool_by_keras(maps):
    return keras.layers.MaxPooling2D(2)(maps)


def rnn_step(x, state, kernel, recurrent, bias):
    return tf.tanh(x @ kernel + state @ recurrent + bias)


def momentum_step(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(momentum * velocity - learning_rate * gradient)
    variable.assign_add(velocity)


SENSITIVE = {
    graphs.halvings: halvings,
    convolution.max_pool: pool_by_keras,
    convolution.output_size: lambda n, k, s, padding: -(-(n - (k - 1) * (padding == "valid")) // s),
    recurrent.rnn_step: rnn_step,
    training.momentum_step: momentum_step,
}


@pytest.mark.parametrize("check", SENSITIVE, ids=lambda check: check.__name__)
def test_a_setting_of_the_kernel_refuses_no_right_answer(check, unusual):
    before = all_settings()
    assert before != USUAL
    assert check(SENSITIVE[check]).passed, check(SENSITIVE[check])
    assert all_settings() == before


def test_a_folder_that_an_answer_goes_to_is_left_again(tmp_path, monkeypatch):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    isolated(os.chdir)(tmp_path / "there")
    assert Path.cwd() == tmp_path / "here"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_a_folder_that_is_gone_stops_no_check(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert doubled(double, ones()).passed
    isolated(os.chdir)(tmp_path)
    assert Path.cwd() == tmp_path


def test_a_setting_that_an_answer_changes_is_undone_before_the_check_goes_on(unusual):
    with usual_settings():
        isolated(unusual)()
        assert all_settings() == USUAL
