namespace P2PCopy.Simulation.Links;

/// <summary>
/// Loss in bursts by the Gilbert–Elliott model: a chain of two states that takes a step per datagram and loses more in one of them.
/// </summary>
/// <param name="ToBad">Probability to turn bad, per datagram. Real: 0.0005 (fibre) to 0.02 (crowded Wi-Fi).</param>
/// <param name="ToGood">Probability to turn good again; 1 divided by the mean burst length. Real: 0.1 to 0.5.</param>
/// <param name="LossInBad">Probability of loss while bad; 1 is Gilbert's simple model.</param>
/// <param name="LossInGood">Probability of loss while good; usually 0.</param>
public sealed record BurstLoss(double ToBad, double ToGood, double LossInBad = 1, double LossInGood = 0)
{
    /// <summary>The share of datagrams that is lost in the long run.</summary>
    public double AverageLoss => ((ToBad * LossInBad) + (ToGood * LossInGood)) / (ToBad + ToGood);

    /// <summary>Bursts of <paramref name="meanLength"/> datagrams on average that make up <paramref name="loss"/> of all.</summary>
    public static BurstLoss FromAverage(double loss, double meanLength) => new(loss / ((1 - loss) * meanLength), 1 / meanLength);
}
