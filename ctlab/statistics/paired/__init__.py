"""The same problems under two conditions: exact tests, intervals, margins."""
