using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>What is known of one path, for those who want to look.</summary>
/// <param name="Candidate">The peer's address and how it came to be known.</param>
/// <param name="Route">What kind of way it is.</param>
/// <param name="IsValid">Whether it answered a challenge and was heard lately.</param>
/// <param name="IsCurrent">Whether data takes it.</param>
/// <param name="RoundTrip">The smoothed round trip; none before the first answer.</param>
internal readonly record struct PathReport(Candidate Candidate, PathRoute Route, bool IsValid, bool IsCurrent, TimeSpan? RoundTrip);
