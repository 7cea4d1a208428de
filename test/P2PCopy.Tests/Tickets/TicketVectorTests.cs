using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

public sealed class TicketVectorTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, TicketVector.All.Count)];

    [Fact]
    public void There_is_a_case_for_every_kind_of_network() => Assert.Equal(8, TicketVector.All.Count);

    // PROTOCOL TKT-1, TKT-3, TKT-5, TKT-7.
    [Theory, MemberData(nameof(Cases))]
    public void A_ticket_is_written_as_the_vector_says(int number)
    {
        var vector = TicketVector.All[number];

        Assert.Equal(vector.Text, vector.Ticket.ToString());
        Assert.Equal(vector.Body, CrockfordBase32.Decode(vector.Text.AsSpan(vector.Text.IndexOf('-', StringComparison.Ordinal) + 1)));
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_text_is_read_as_the_vector_says(int number)
    {
        var vector = TicketVector.All[number];
        var read = TicketReader.Read(vector.Text, null, vector.Ticket.Minute);

        Assert.Equal(TicketFault.None, read.Fault);
        AssertSame(vector.Ticket, read.Ticket!);
    }

    /// <summary>Compares field by field: tickets themselves are equal when their texts are, which would prove less.</summary>
    internal static void AssertSame(Ticket expected, Ticket actual)
    {
        Assert.Equal(expected.Primary, actual.Primary);
        Assert.Equal(expected.IsReachable, actual.IsReachable);
        Assert.Equal(expected.WantsToSend, actual.WantsToSend);
        Assert.Equal(expected.EarlyPackets, actual.EarlyPackets);
        Assert.Equal(expected.Mapping, actual.Mapping);
        Assert.Equal(expected.Filtering, actual.Filtering);
        Assert.Equal(expected.Minute, actual.Minute);
        Assert.Equal(expected.PublicKey, actual.PublicKey);
        Assert.Equal(expected.Candidates, actual.Candidates);
        Assert.Equal(expected.PredictedPorts, actual.PredictedPorts);
        Assert.Equal(expected.PortRange, actual.PortRange);
    }
}
