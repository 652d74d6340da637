"""品物の提案: which thing for which need, with reasons; keeping one is a person's deed."""
