"""The ways in besides the password, as their owner keeps them: passkeys, SmartOTP, backup codes."""
