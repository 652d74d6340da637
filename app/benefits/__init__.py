"""住居確保給付金 as a guide (目安): rent and moving cost, running grants; nothing decided."""
