"""One problem, one case: reports that join another, part again, and whom all of them are asked."""
