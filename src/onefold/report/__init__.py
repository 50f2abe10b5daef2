"""The HTML report on a published id graph: verdict, figures, charts and drawings of the worst profiles."""
