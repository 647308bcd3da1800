"""The curriculum study's published records: which files, by what they hold, and who answered in each.

bmarti44/research-pipeline, "The Curriculum Is the Mechanism: Dissecting COCONUT's Latent Thought Gains on ProsQA".
Files keep the study's internal labels: m1, m3, m5 and m6 are the paper's M1 to M4. A folder may have the study's own
layout, or one that is sorted by what a file is; digests decide.
"""

from ctlab.records import PublishedFile, PublishedRecords, PublishedSet

MODELS = {
    "written": "written chain of thought (paper M1)",
    "coconut": "COCONUT (paper M2)",
    "pause": "pause, one pass (paper M3)",
    "pause_multipass": "pause, six passes (paper M4)",
    # The same two models once more, as another file of the study marks their answers.
    "coconut_marks": "COCONUT (paper M2)",
    "pause_marks": "pause, one pass (paper M3)",
}
"""Who answers under each condition."""


def _problems(name: str, sha256: str) -> PublishedFile:
    return PublishedFile(paths=(f"code/data/{name}.json", f"text/prosqa/{name}.json"), sha256=sha256)


def _answers(name: str, sha256: str) -> PublishedFile:
    return PublishedFile(
        paths=(f"results/experiments/ood_persample/{name}.json", f"predictions/{name}.json"), sha256=sha256
    )


def _marks(scores: str, sha256: str) -> PublishedFile:
    file = "per_sample_correctness.json"
    return PublishedFile(paths=(f"results/experiments/{file}", f"predictions/{file}"), scores=scores, sha256=sha256)


def _multipass(scores: str, sha256: str) -> PublishedFile:
    """Of six passes the study published which answers are right, and no answers."""
    paths = ("results/experiments/m6/per_sample_correctness.json", "predictions/m6_per_sample_correctness.json")
    return PublishedFile(paths=paths, scores=scores, sha256=sha256)


RECORDS = PublishedRecords(
    repository="https://github.com/bmarti44/research-pipeline",
    commit="7a6f14aafb65ac432dd38d952dda76006e397a0d",
    folder="papers/coconut_curriculum_dissection",
    limits=(
        "one seed: the study trained each model once, so that this is about these four checkpoints; how far two "
        "trainings of one recipe differ is not known, and no interval here holds it",
    ),
    sets={
        "prosqa_test": PublishedSet(
            problems=_problems("prosqa_test", "82ddc0afe6ee30eb31bb16fa208e293e55278a20fa987098d48519cae7e12680"),
            answers={
                "written": _answers(
                    "m1_prosqa_test", "a70167f8ec3685a53805d84d97f382caef9afb091698f2dfb0fa14a2371bb327"
                ),
                "coconut": _answers(
                    "m3_prosqa_test", "c3a4b241ed2dc89404d1d7f9e7458ed79b47e75f32cf8a4f75f116236e1a89f8"
                ),
                "pause": _answers("m5_prosqa_test", "56e6d532c94ea72dbffc5b199d7c7c46e301286d0492f95cecf6f02aa3dcbef7"),
                "pause_multipass": _multipass(
                    "prosqa_test", "75b3291abc81f83446806424e6a7189b321232cc0b3d90f65415e19bf6e4fe92"
                ),
                "coconut_marks": _marks(
                    "m3_prosqa_id", "4f9836c7a68572352f7042c1166bb7a305cc440846ebbf953ca68fd9a500b580"
                ),
                "pause_marks": _marks(
                    "m5_prosqa_id", "0aa74a2c8defc80f7cf83ce1f11a41cc9ba6c7e45e3c691015f5bdee3d135e53"
                ),
            },
        ),
        "ood_7hop": PublishedSet(
            problems=_problems("ood_7hop", "99bf9c36e1940982f50988affa3b42dcc60291e75842f985165e5a75e7e45d9d"),
            answers={
                "written": _answers("m1_ood_7hop", "b26f9aaf8b3dde4634c32df23b5d34de50dbca7f5a158d76fb0e620fa59e83e3"),
                "coconut": _answers("m3_ood_7hop", "654316715cc81736d67170b174c3fc231805b637eb0909de21879de8cadec13e"),
                "pause": _answers("m5_ood_7hop", "fead63f10ed571e4a72f451cf944331b55237927b21d6065fbd26cae7c429fd2"),
                "pause_multipass": _multipass(
                    "ood_7hop", "9e65ff0f9baac9031d42648ddb92d511fae648aebbc1e785314ed996a101f413"
                ),
                "coconut_marks": _marks("m3_7hop", "1ef2c85ac908825af2100c3bd1c3cf3f1fcf9138a143d759eb02a41b9a4f1ec7"),
                "pause_marks": _marks("m5_7hop", "c916c713ca971f74d1745dc64aef9eac5dd355aa3eda8f03294472197f5d35e4"),
            },
        ),
        "ood_dag": PublishedSet(
            problems=_problems("ood_dag", "6c839bf0ae3fa629ed40c224644e0c2aed4074d14b68a1993b7199445d9b3a56"),
            answers={
                "written": _answers("m1_ood_dag", "e4b4eee0b7831b7bc11fa03643db9f64d31610b38f90ba2120b512565090e376"),
                "coconut": _answers("m3_ood_dag", "053f21dcdc97d23ff64dd42aed26df8116aeda1d37e28b789f3c3ac18397ffcd"),
                "pause": _answers("m5_ood_dag", "901eceec6d1547a545f41ce48ca934942542b5cd87a19a9d954e29c5340e9f40"),
                "pause_multipass": _multipass(
                    "ood_dag", "dbe3ee509bf396b3209504c877b316f611db13c4a61dab4ff8a875460bff20d7"
                ),
                "coconut_marks": _marks("m3_dag", "f081121b2076135a4124172df32083e067985ea097d5fbf827e18bd44a50ff9b"),
                "pause_marks": _marks("m5_dag", "da2bd06e49ce56e15174ec4db2863cacaab1b23c92940005a7a43d269530d4a6"),
            },
        ),
    },
)
