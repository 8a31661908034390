"""Three-valued questions become figures with bounds."""

from dagster_project.measure.bounds import Sums, bounds_of
from dagster_project.measure.figures import FIGURE_COLUMNS, all_figures

__all__ = ["FIGURE_COLUMNS", "Sums", "all_figures", "bounds_of"]
