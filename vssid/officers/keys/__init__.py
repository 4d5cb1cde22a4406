"""Officers' passkeys (khoá đăng nhập): kept by themselves, shown together with the password."""
