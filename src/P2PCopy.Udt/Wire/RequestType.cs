namespace P2PCopy.Udt.Wire;

/// <summary>What a handshake asks or answers.</summary>
internal enum RequestType
{
    /// <summary>−2: a connected rendezvous peer answers a late handshake.</summary>
    Agreement = -2,

    /// <summary>−1: response of a server, conclusion of a client, second step of a rendezvous.</summary>
    Conclusion = -1,

    /// <summary>0: first step of a rendezvous.</summary>
    Rendezvous = 0,

    /// <summary>1: a client's first request and the server's cookie answer.</summary>
    Request = 1,

    /// <summary>1002: the listener refuses.</summary>
    Rejected = 1002,
}
