//! The report: from income to basic and diluted earnings per share.
