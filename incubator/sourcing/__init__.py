"""Requests for quotation, sealed quotations in two envelopes, landed cost and award."""
