//! Properties of stories.
