"""What the words mean: labels, events, state, figures. numpy only."""
