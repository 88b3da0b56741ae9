"""Which images next? Arrays in, arrays out, no model: higher = ask first."""
