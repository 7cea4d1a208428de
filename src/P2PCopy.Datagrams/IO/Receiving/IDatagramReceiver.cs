namespace P2PCopy.Datagrams.IO.Receiving;

/// <summary>Takes datagrams off the socket without waiting.</summary>
internal interface IDatagramReceiver
{
    /// <summary>Fills the batch with what is there, as far as it fits; empty when nothing is.</summary>
    void Receive(ReceiveBatch batch);
}
