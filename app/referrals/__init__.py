"""つなぐシート: handing somebody on from counter to counter, and hearing back."""
