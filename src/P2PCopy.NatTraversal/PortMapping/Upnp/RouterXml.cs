using System.Xml;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>Reads XML of a stranger: no document types, hence no entities; nothing is fetched; never more than fits.</summary>
internal static class RouterXml
{
    /// <summary>The longest document that is read, bytes; and characters.</summary>
    public const int Longest = 65_536; // PROTOCOL MAP-14.

    private const int LongestValue = 1024;

    /// <summary>Calls back for the text of each element that has nothing but text, in document order.</summary>
    /// <param name="document">The document.</param>
    /// <param name="leaf">The element's local name and text, and the local name of the element around it.</param>
    /// <param name="closed">The local name of an element that had others inside and ended.</param>
    /// <returns>Whether the whole document was well-formed and harmless; what was called back before that is not to be used otherwise.</returns>
    public static bool TryRead(ReadOnlySpan<byte> document, Action<string, string> leaf, Action<string> closed)
    {
        if (document.Length > Longest) return false;
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = Longest,
            MaxCharactersFromEntities = LongestValue,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(document.ToArray(), writable: false), settings);
            string? open = null;
            var text = "";
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        (open, text) = (reader.IsEmptyElement ? null : reader.LocalName, "");
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        if (open is not null) text += reader.Value;
                        if (text.Length > LongestValue) open = null;
                        break;
                    case XmlNodeType.EndElement:
                        if (open is null) closed(reader.LocalName);
                        else leaf(open, text.Trim());
                        open = null;
                        break;
                }
            }

            return true;
        }
        catch (Exception error) when (error is XmlException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // Also encodings that do not exist.
            return false;
        }
    }
}
