"""Registration at the counter (đăng ký tại quầy): an officer takes it down for whoever stands there."""
