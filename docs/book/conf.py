"""How Sphinx makes the book: `workshop book` copies this folder and adds the lessons that ran."""

from datetime import date
from importlib.metadata import version as installed

project = "TensorFlow workshop"
author = "the authors of the TensorFlow workshop"
version = release = installed("tensorflow-workshop")
copyright = f"{date.today().year}, {author}"
language = "en"
# What is not in the book is linked to here.
repository = "https://github.com/OWNER/tensorflow-workshop"

extensions = ["myst_nb"]
exclude_patterns = ["_static"]

# The lessons have run already.
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 4  # as deep as links inside a page may lead
# One `#` is the title; a document may begin deeper below it.
suppress_warnings = ["misc.highlighting_failure"]

# From npm, copied beside the pages: a reader needs no network.
mathjax_path = "mathjax/tex-svg.js"

html_theme = "sphinx_book_theme"
html_title = project
html_favicon = "_static/icon.svg"
html_context = {"default_mode": "auto"}  # light or dark, as the reader's machine is
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_js_files = ["book.js"]
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = ""
html_theme_options = {
    "repository_url": repository,
    "repository_branch": "HEAD",
    "path_to_docs": "",
    "use_repository_button": True,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "notebook_interface": "jupyterlab",
    },
    "navbar_persistent": [],  # the bar at the side has the search already
    "show_toc_level": 2,
    "home_page_in_toc": True,
}
