namespace P2PCopy.Simulation.Links;

/// <summary>What happened on a link. Sent + duplicated = delivered + all losses + in flight.</summary>
/// <param name="Sent">Datagrams that were given to the link.</param>
/// <param name="Delivered">Datagrams that came out.</param>
/// <param name="DeliveredBytes">Their bytes with headers.</param>
/// <param name="Lost">Lost by chance, single or in a burst.</param>
/// <param name="QueueFull">Lost because the queue had no room.</param>
/// <param name="TooLong">Lost because they were longer than the MTU.</param>
/// <param name="BlackedOut">Lost in a black-out or while the link was down.</param>
/// <param name="Duplicated">Copies made.</param>
/// <param name="HeldBack">Held back so that later ones overtake.</param>
/// <param name="Corrupted">Delivered with one bit flipped.</param>
public record struct LinkCounters(
    long Sent,
    long Delivered,
    long DeliveredBytes,
    long Lost,
    long QueueFull,
    long TooLong,
    long BlackedOut,
    long Duplicated,
    long HeldBack,
    long Corrupted);
