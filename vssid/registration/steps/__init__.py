"""The citizen's way to a declaration: four small saved steps below /dang-ky."""
