"""Frame sources: device, file, folder of pictures, RTSP and MJPEG addresses; used by the camera thread only."""
