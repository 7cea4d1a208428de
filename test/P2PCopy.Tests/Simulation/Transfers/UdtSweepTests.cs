namespace P2PCopy.Tests.Simulation.Transfers;

public sealed class UdtSweepTests : UdtSweep
{
    [Fact]
    public void Every_transfer_over_a_random_link_ends_with_the_right_bytes() => Sweep(Seeds(1, 2000, 2));
}

public sealed class UdtSweepOfEvenSeedsTests : UdtSweep
{
    [Fact]
    public void Every_transfer_over_a_random_link_ends_with_the_right_bytes() => Sweep(Seeds(2, 2000, 2));
}
