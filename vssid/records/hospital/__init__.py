"""Files that hospitals send, whatever they are about: HOSO as a stream, the values of their fields, whose they are."""
