"""Notices: what members and hosts are told while they look at no screen of ours."""
