namespace P2PCopy.Transfer.Measuring;

/// <summary>Where a measurement is.</summary>
/// <param name="IsSending">Whether bytes flow to the peer now, or from it.</param>
/// <param name="Bytes">How many did so far: acknowledged ones on the way out, arrived ones on the way in.</param>
/// <param name="Elapsed">For how long.</param>
/// <param name="Whole">How long they are to flow.</param>
public readonly record struct MeasureProgress(bool IsSending, long Bytes, TimeSpan Elapsed, TimeSpan Whole);
