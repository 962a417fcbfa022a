"""Drawing QR codes (qrcode) and reading them from frames (pyzbar, in a process of its own)."""
