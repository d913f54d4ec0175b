"""A pad to draw digits on, which the learner's own model reads while they are drawn."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from workshop.digits.ink import SIDE, digit_from_ink
from workshop.digits.photographs import PAD, ink_from_photograph
from workshop.messages import say
from workshop.widgets.digit_pad import figure, predict
from workshop.widgets.digit_pad.suspicion import Suspicion
from workshop.widgets.script import script, style
from workshop.widgets.still import Still

HERE = Path(__file__).parent


class DigitPad(anywidget.AnyWidget):
    """Draw a digit, and see what your model reads in it, stroke by stroke.

    Draw with the mouse, a finger or a pen; or with the arrow keys, where the space bar puts the
    pen down and lifts it and Delete clears. A photograph of a digit can be loaded instead. Each
    stroke is preprocessed as MNIST was (`digit_from_ink`); the small picture shows what the model
    gets. An answer with a probability below 0.8 is grey, and the pad says "not sure". Train the
    model further, and the next stroke is read by the trained one.

    What is shown where: in JupyterLab and Notebook 7 the live pad, as long as its kernel lives.
    The saved notebook keeps a picture with its description, which they show when it is opened
    again without that kernel, as do pages that nbconvert makes and other programs without widgets;
    a program that has widgets of its own kind may show both.

    Args:
        model: any callable of images (1, 28, 28), 0..255, that gives ten probabilities or logits,
            (1, 10); a Keras model's `input_shape` may also be (None, 28, 28, 1) or (None, 784).
            For one trained on x / 255: `lambda x: model(x / 255)`. None: the pad only draws.

    Raises:
        ValueError: `model` is not callable. What goes wrong later, in the model or with a file
            chosen in the pad, is said in the pad and in `message`.

    Example:
        >>> pad = DigitPad(lambda images: np.eye(10)[[1]])  # a model that reads 1 in everything
        >>> paper = np.full((200, 200), 230, dtype="uint8")
        >>> paper[20:180, 90:105] = 30
        >>> pad.load(paper)
        >>> pad.digit.shape, pad.probabilities.argmax()
        ((1, 28, 28), np.int64(1))
        >>> pad
        Drawn; read as 1 (1.000)
    """

    _esm = script(HERE / "widget.js")
    _css = style(HERE / "widget.css")

    # What is drawn, and in which view ("" for Python), for a page that is loaded again. Drawings
    # come as messages: a change of a trait would wait in the browser for the answer to the last.
    _drawing = traitlets.Dict().tag(sync=True)
    # All that the model says travels as one value, so that a view never mixes two drawings.
    _state = traitlets.Dict().tag(sync=True)

    def __init__(self, model: Callable | None = None):
        # Some kernels hear the browser in a thread of its own, while a cell runs.
        self._lock = threading.RLock()
        self._ink = np.zeros((PAD, PAD), dtype=np.uint8)
        self._still = Still(self, name="digit-pad", draw=self._picture)
        self._answers = self._number = 0
        self._suspicion = Suspicion(None)
        self._forget()
        super().__init__(_drawing={"author": "", "ink": b""})
        self.on_msg(self._hear_message)
        self.model = model

    # For code -------------------------------------------------------------------------------------

    @property
    def model(self):
        """The model that reads; assign another one and it reads what is drawn."""
        return self._model

    @model.setter
    def model(self, model):
        if model is not None and not callable(model):
            raise ValueError(
                say(
                    "Expected a trained model, or any function of images (1, 28, 28) that gives "
                    "probabilities (1, 10), got {got}.",
                    got=type(model).__name__,
                )
            )
        with self._lock:
            self._model = model
            self._suspicion = Suspicion(model)
            trouble = self._warm_up()
            if predict.is_keras(model):  # another callable may mind being called before it is shown
                self._suspicion.look()
            self._read()
            if trouble and not self._message:
                self._message = trouble
                self._answer()

    @property
    def ink(self) -> np.ndarray:
        """The drawing, uint8 (280, 280): 0 is paper, 255 ink; a copy."""
        return self._ink.copy()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on the pad that could be a digit."""
        return self._digit is None

    @property
    def image(self) -> np.ndarray:
        """The digit as MNIST's are, uint8 (28, 28), a copy; ValueError while the pad is empty."""
        if self._digit is None and self._ink.any():
            raise ValueError(
                say(
                    "Expected a digit on the pad, got only a dot. Draw one, or load a photograph: "
                    "pad.load('seven.jpg')."
                )
            )
        if self._digit is None:
            raise ValueError(
                say(
                    "Expected a digit on the pad, got nothing. Draw one, or load a photograph: "
                    "pad.load('seven.jpg')."
                )
            )
        return self._digit.copy()

    @property
    def digit(self) -> np.ndarray:
        """The same as a batch of one, uint8 (1, 28, 28), for `model(pad.digit)`; a copy."""
        return self.image[np.newaxis]

    @property
    def probabilities(self) -> np.ndarray | None:
        """What the model gave, float32 (10,), a copy; None while there is nothing read."""
        return None if self._probabilities is None else self._probabilities.copy()

    @property
    def message(self) -> str:
        """What the pad says of a trouble or suspects; empty when there is nothing."""
        return self._message or self._suspicion.said

    def load(self, photograph) -> None:
        """Put a photograph of a digit on the pad, as its button does.

        Args:
            photograph: a path, the bytes of a file, an open file, a PIL image, or an array
                (height, width[, 3 or 4]), 0..255 or floats 0..1; dark on light or light on dark.

        Raises:
            ValueError: not a picture, too large a one, or no digit in it; the drawing stays.
        """
        self._put(ink_from_photograph(photograph))

    def clear(self) -> None:
        """Take everything off the pad."""
        self._put(np.zeros((PAD, PAD), dtype=np.uint8))

    def summary(self) -> str:
        """Say in a line what is on the pad and how it is read."""
        if self._digit is None:
            return say("Nothing drawn yet")
        if self._probabilities is None:
            return say("Drawn, not read: {reason}", reason=self._message or _no_model())
        read = predict.said_of_chances(self._probabilities)
        return "\n".join(filter(None, [read, self._suspicion.said]))

    def __repr__(self):
        return self.summary()

    def _ipython_display_(self):
        with self._lock:
            if self._suspicion.look():
                self._answer()
        self._still.show()

    # From the browser -----------------------------------------------------------------------------

    def _hear_message(self, _widget, content, buffers):
        with self._lock, self._telling():
            if content.get("kind") == "drawing":
                self._number = content["number"]
                self._ink = _unpacked(buffers[0])
                self._read()
                self._drawing = {"author": content["author"], "ink": bytes(buffers[0])}
            elif content.get("kind") == "photograph":
                self.load(bytes(buffers[0]))
            elif content.get("kind") == "rest":  # after a stroke its bars have the first turn
                if self._suspicion.look():
                    self._answer()
                self._still.renew()

    @contextlib.contextmanager
    def _telling(self):
        """Say an error in the pad: JupyterLab shows those of callbacks to nobody."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - it is shown in the pad
            self._message = str(error)
            self._answer()

    # Reading --------------------------------------------------------------------------------------

    def _put(self, ink):
        with self._lock:
            self._ink = ink
            self._number += 1
            self._drawing = {"author": "", "ink": _packed(ink)}
            self._suspicion.look()
            self._read()
        self._still.renew()

    def _forget(self):
        self._digit = self._probabilities = None
        self._message = ""

    def _read(self):
        """Preprocess the ink, ask the model, and send what it says."""
        self._forget()
        if self._ink.any():
            try:
                self._digit = digit_from_ink(self._ink)
            except ValueError:
                self._message = say("That is only a dot: draw larger.")
        if self._digit is not None and self._model is not None:
            try:
                self._probabilities = predict.read_digit(self._model, self._digit[np.newaxis])
            except Exception as error:  # noqa: BLE001 - the learner's model
                self._message = predict.said_of_model(error)
        self._answer()

    def _answer(self):
        chances = self._probabilities
        self._answers += 1
        self._state = {
            "answer": self._answers,  # the same answer again is an answer too
            "number": self._number,
            "digit": b"" if self._digit is None else self._digit.tobytes(),
            "probabilities": None if chances is None else [float(chance) for chance in chances],
            "message": self.message,
            "note": _no_model() if self._model is None else "",
        }

    def _warm_up(self):
        # The first digit imports SciPy, the first call of a model builds and places it: neither
        # while the first stroke is drawn.
        digit_from_ink(np.ones((PAD, PAD), dtype=np.uint8))
        if self._model is None:
            return ""
        try:
            predict.read_digit(self._model, np.zeros((1, SIDE, SIDE), dtype=np.uint8))
        except Exception as error:  # noqa: BLE001 - the learner's model
            return predict.said_of_model(error)
        return ""

    def _picture(self):
        text = say(
            "Picture of a digit pad. {summary}. Run the cell to draw.", summary=self.summary()
        )
        return figure.png(self), text


def _no_model():
    return say("No model is given: pad.model = model lets yours read what you draw.")


def _packed(ink):
    """Give a drawing as pairs of bytes (how often, value), for the browser."""
    flat = ink.ravel()
    starts = np.flatnonzero(np.diff(flat, prepend=~flat[:1]))
    lengths = np.diff(starts, append=flat.size)
    pieces = -(-lengths // 255)  # a longer run is several
    values = np.repeat(flat[starts], pieces)
    counts = np.full(len(values), 255)
    counts[np.cumsum(pieces) - 1] = lengths - 255 * (pieces - 1)
    return np.stack([counts, values], axis=1).astype(np.uint8).tobytes()


def _unpacked(packed):
    pairs = np.frombuffer(packed, dtype=np.uint8).reshape(-1, 2)
    ink = np.repeat(pairs[:, 1], pairs[:, 0])
    if ink.size != PAD * PAD:
        raise ValueError(
            say(
                "Expected {side} x {side} pixels from the browser, got {got}.",
                side=PAD,
                got=ink.size,
            )
        )
    return ink.reshape(PAD, PAD)
