"""Learners who come back: the class password opens the door once, then each has an own one."""

import dbm
from hmac import compare_digest

from firstuseauthenticator import FirstUseAuthenticator
from traitlets import Unicode

FORM = """
<form action="{{ authenticator_login_url }}" method="post" role="form" class="col-md-5 mx-auto">
  <input type="hidden" name="_xsrf" value="{{ xsrf }}">
  <h1>Sign in</h1>
  {% if login_error %}
  <p class="login_error text-danger" role="alert">{{ login_error }}</p>
  {% endif %}
  <label for="username_input">Name: small letters from a to z and digits, such as ana2</label>
  <input id="username_input" name="username" class="form-control" autocomplete="username"
         autocapitalize="off" autocorrect="off" required autofocus value="{{ username }}">
  <label for="password_input">
    Your own password: the first time, choose one of 7 letters or more
  </label>
  <input id="password_input" name="password" type="password" class="form-control"
         autocomplete="current-password" required>
  <label for="class_password_input">Class password: the first time only</label>
  <input id="class_password_input" name="class_password" class="form-control" autocomplete="off">
  <button type="submit" class="btn btn-jupyter form-control mt-3">Sign in</button>
</form>
"""


class OwnPasswords(FirstUseAuthenticator):
    """The first who knows the class password and takes a name, chooses the password of that name.

    The name of a teacher asks for the teachers' password instead. To let a learner choose a new
    one, delete the learner on the hub's page Admin: files stay.
    """

    class_password = Unicode(config=True, help="What the room is told.")
    teacher_password = Unicode(config=True, help="What the names in admin_users need instead.")

    async def authenticate(self, handler, data):
        """Give the name, or None with a sentence for the form."""
        name = self.normalize_username(data["username"])
        with dbm.open(self.dbm_path, "c", 0o600) as known:
            new = name.encode() not in known
        word = self.teacher_password if name in self.admin_users else self.class_password
        if not self.validate_username(name):
            handler.custom_login_error = (
                "A name has up to 30 small letters from a to z and digits, such as ana2."
            )
        elif new and not compare_digest(data.get("class_password", "").encode(), word.encode()):
            handler.custom_login_error = "This name is new here, and the class password is another."
        else:
            return await super().authenticate(handler, data)
        return None

    def get_custom_html(self, base_url):
        """Give the form, with a third field."""
        return FORM
