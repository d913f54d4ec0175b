"""Places of a window."""

import pytest

from workshop.plots import window_places


@pytest.mark.parametrize(
    ("size", "kernel", "strides", "padding", "places", "zeros"),
    [
        (7, 3, 1, "valid", 5, 0),
        (7, 3, 2, "same", 4, 2),
        (8, 5, 2, "same", 4, 3),
        (6, 6, 3, "valid", 1, 0),
    ],
)
def test_a_window_at_each_of_its_places(size, kernel, strides, padding, places, zeros):
    ax = window_places(size, kernel, strides, padding=padding)
    assert ax.get_title() == f"{padding}: {places} places"
    assert sum(bool(patch.get_hatch()) for patch in ax.patches) == places * zeros
    assert len(ax.patches) == places * (size + zeros + 1)


@pytest.mark.parametrize("how", [{"padding": "full"}, {"kernel_size": 9}])
def test_windows_that_do_not_fit(how):
    with pytest.raises(ValueError, match="expected padding"):
        window_places(**{"size": 7, "kernel_size": 3, "strides": 1, **how})
