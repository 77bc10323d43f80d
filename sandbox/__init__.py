"""A small LTI 1.3 platform for trying the tool and testing it without an LMS.

One course, one activity, a class of invented people. What it sends and refuses
is modelled on Moodle 4.5. It keeps everything in memory, apart from its key if a
state file is named, and refuses to run in production.
"""
