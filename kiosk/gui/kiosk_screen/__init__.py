"""What students see during a class: camera, code, counts, who came last, and result cards."""
