// Each test runs a whole installation; two at a time would only be slower and harder to read.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
