"""Measurements that print a table. Torch's threads are told how to wait before any of them imports it."""

from ctlab.models.openmp import wait_politely

wait_politely()
