"""Finding, following, judging and embedding faces; used by the vision thread, and by whoever enrols.

What others build: `factory.build_embedder(models_dir, model=…)`, `factory.build_detector(models_dir, reach=…)`,
`tracker.IouTracker()`, `quality.FaceQualityMeter()`, `pictures.read_picture`, `pictures.write_picture`, and
`manifest.read_manifest()` for the list of models. An instance is used by one thread at a time; a second instance costs
little (the HOG detector a third of a second, the embedder a tenth).
"""
