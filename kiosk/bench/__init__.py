"""Speed, against what people would use instead: ``kiosk bench``.

Everything that is measured runs in child processes on two cores, so that one side's threads, caches and libraries do
not reach the other's, and the command itself imports neither TensorFlow nor Qt.
"""
