// Most tests with real programs wait: for a start slot, for a silence to be noticed, for a mapping to end. So more of them run at once
// than there are cores. What needs the cores for itself is in the collection of the lab, which runs alone.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]
